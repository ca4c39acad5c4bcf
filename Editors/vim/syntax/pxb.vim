" Colours of PixelBytes scripts.
if exists("b:current_syntax") | finish | endif
syntax match pxbCommand "\%(^\|[;{}=]\)\s*\zs\h\w*\ze\s\+\%(\h\|\d\|\"\|\.\d\)"
syntax match pxbCall "\h\w*\ze("
syntax keyword pxbControl if else while for in try catch return raise break continue assert import as
syntax keyword pxbWord and or not
syntax keyword pxbConstant true false nil pi inf nan
syntax keyword pxbDeclaration fn param
syntax match pxbField "\.\s*\h\w*"
syntax match pxbNumber "\<0[xX]\x\+\%(_\x\+\)*\>"
syntax match pxbNumber "\<\d\+\%(_\d\+\)*\%(\.\d\+\%(_\d\+\)*\)\?\%([eE][-+]\?\d\+\)\?\>"
syntax match pxbNumber "\%(\w\|[.)\]]\)\@1<!\.\d\+\%(_\d\+\)*\%([eE][-+]\?\d\+\)\?\>"
syntax match pxbEscape "\\\%([ntr0\\"']\|x\x\x\|u{\x\{1,6}}\|$\)" contained
syntax match pxbBrace "{{\|}}" contained
syntax region pxbValue matchgroup=pxbEscape start="{{\@!" end="}" contained contains=TOP
syntax region pxbString start=+"+ end=+"\|$+ skip=+\\.+ contains=pxbEscape
syntax region pxbString start=+"""+ end=+"""+ skip=+\\.+ contains=pxbEscape
syntax region pxbString matchgroup=pxbString start=+\<f"+ end=+"\|$+ skip=+\\.+ contains=pxbEscape,pxbBrace,pxbValue
syntax region pxbString matchgroup=pxbString start=+\<f"""+ end=+"""+ skip=+\\.+ contains=pxbEscape,pxbBrace,pxbValue
syntax region pxbString start=+\<r"+ end=+"\|$+
syntax region pxbString start=+\<r"""+ end=+"""+
syntax match pxbComment "#.*$"
syntax match pxbCell "^#\s*%%.*$"

highlight default link pxbCommand Function
highlight default link pxbCall Function
highlight default link pxbControl Statement
highlight default link pxbWord Operator
highlight default link pxbConstant Constant
highlight default link pxbDeclaration Keyword
highlight default link pxbNumber Number
highlight default link pxbEscape SpecialChar
highlight default link pxbBrace SpecialChar
highlight default link pxbString String
highlight default link pxbComment Comment
highlight default link pxbCell Title
let b:current_syntax = "pxb"
