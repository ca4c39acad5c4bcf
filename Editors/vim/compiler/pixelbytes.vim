" `:make` checks the script and lists its errors with their places.
if exists("current_compiler") | finish | endif
let current_compiler = "pixelbytes"
CompilerSet makeprg=pixelbytes\ check\ %:S
CompilerSet errorformat=%Eerror[%*[a-z]]:\ %m,%C%*\\s-->\ %f:%l:%c,%-G%.%#
