def parse(line):
    fields = []; field = ""; quoted = False
    for c in line:
        if quoted:
            if c == '"': quoted = False
            else: field += c
        elif c == '"': quoted = True
        elif c == ",":
            fields.append(field); field = ""
        else: field += c
    fields.append(field)
    return fields
def work():
    text = "\n".join([f"{i},\"name, {i % 100}\",{i * 3 % 1000}.5,city{i % 17}" for i in range(20000)])
    sums = {}
    for line in text.split("\n"):
        row = parse(line)
        city = row[3]
        sums[city] = sums.get(city, 0) + float(row[2])
    out = [f"{k}:{sums[k]}" for k in sorted(sums.keys())]
    return (";".join(out)+";").replace(".0;", ";")[:-1]
