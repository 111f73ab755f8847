# The mark promises UTF-8, the bytes are not: Ã( â‚ ÿş €
def crossings(levels):
    return sum(1 for left, right in zip(levels, levels[1:]) if left * right < 0)
