;;; pxb-mode.el --- PixelBytes scripts  -*- lexical-binding: t; -*-

;; Put this file on the load-path and (require 'pxb-mode); M-x compile with "pixelbytes check FILE" lists all errors.

(require 'compile)

(defvar pxb-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?_ "w" table)
    (modify-syntax-entry ?\" "\"" table)
    table))

(defconst pxb-font-lock
  (list
   '("^#[ \t]*%%.*$" 0 font-lock-doc-face t)
   (cons (regexp-opt '("if" "else" "while" "for" "in" "try" "catch" "return" "raise" "break" "continue" "assert" "import"
                       "as" "and" "or" "not" "fn" "param") 'symbols)
         'font-lock-keyword-face)
   (cons (regexp-opt '("true" "false" "nil" "pi" "inf" "nan") 'symbols) 'font-lock-constant-face)
   '("\\_<\\([[:alpha:]_][[:alnum:]_]*\\)(" 1 font-lock-function-name-face)
   '("\\(?:^\\|[;{}=]\\)[ \t]*\\([[:alpha:]_][[:alnum:]_]*\\)[ \t]+[[:alnum:]_\"]" 1 font-lock-function-name-face)))

;;;###autoload
(define-derived-mode pxb-mode prog-mode "pxb"
  "Major mode for PixelBytes scripts."
  (setq-local comment-start "# "
              comment-start-skip "#+[ \t]*"
              font-lock-defaults '(pxb-font-lock)
              outline-regexp "#[ \t]*%%"
              compile-command (concat "pixelbytes check " (if buffer-file-name (shell-quote-argument buffer-file-name) ""))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.pxb\\'" . pxb-mode))
(add-to-list 'compilation-error-regexp-alist '("^ *--> \\(.+\\):\\([0-9]+\\):\\([0-9]+\\)$" 1 2 3))

(provide 'pxb-mode)
;;; pxb-mode.el ends here
