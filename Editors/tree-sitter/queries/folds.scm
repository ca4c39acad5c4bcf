[(braces) (brackets) (parentheses) (format_string) (string)] @fold
