" What Vim does with PixelBytes scripts: comments, brackets, moving between cells with [[ and ]], and `:make` for all errors.
if exists("b:did_ftplugin") | finish | endif
let b:did_ftplugin = 1
setlocal commentstring=#\ %s comments=:# shiftwidth=2 expandtab suffixesadd=.pxb
setlocal cinoptions=(1s,m1 cindent cinkeys-=0# cinkeys-=: indentexpr=
compiler pixelbytes
nnoremap <buffer> <silent> ]] :call search('^#\s*%%', 'W')<CR>
nnoremap <buffer> <silent> [[ :call search('^#\s*%%', 'bW')<CR>
let b:undo_ftplugin = "setlocal commentstring< comments< shiftwidth< expandtab< suffixesadd< cinoptions< cindent< cinkeys< | nunmap <buffer> ]]| nunmap <buffer> [["
