autocmd BufNewFile,BufRead *.pxb setfiletype pxb
