def work():
    text = "Größe façade naïve Żółć Ελλάδα Москва 東京 élève coöperate über Ångström señor " * 300
    plain = {"ö": "o", "ß": "ss", "ç": "c", "ï": "i", "é": "e", "è": "e", "ü": "u", "å": "a", "ñ": "n", "ó": "o"}
    slugs = {}
    for w in text.lower().split():
        slug = ""
        for c in w: slug += plain.get(c, c)
        slugs[slug] = slugs.get(slug, 0) + 1
    vowels = 0
    for i in range(len(text)):
        if text[i] in "aeiouéèöüïó": vowels += 1
    back = " ".join([w[::-1] for w in text.split()])
    palindromes = 0
    for w in text.split():
        if w.lower() == w.lower()[::-1]: palindromes += 1
    codes = sum([ord(c) for c in text[:5000]])
    return f"{len(slugs)} {vowels} {back[:20]} {palindromes} {codes} {len(text.replace('é', 'e'))} {text.find('東')} {'straße żółć'.upper()}"
