/** Deeper nesting is nobody's message, and would cost a recursive reader its stack. */
const depthMax = 16

/**
 * What of a parsed JSON value no store of ours can keep, or undefined: a NUL or half a surrogate pair in a text (PostgreSQL
 * refuses both in jsonb), or nesting without end. Such a message must be refused by itself, before it fails the transaction
 * of all the others of its batch.
 */
export function unstorable(value: unknown): string | undefined {
  return isStorable(value, 0) ? undefined : whyUnstorable(value)
}

/** Nearly always true, so that it is asked first, without a path to name. It recurses no deeper than a value may be nested. */
function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= depthMax) return false
  for (const key in value)
    if (!isStorableText(key) || !isStorable((value as Record<string, unknown>)[key], depth + 1)) return false
  return true
}

function whyUnstorable(value: unknown): string | undefined {
  const open: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value, path: '', depth: 0 },
  ]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: here, path, depth } = next
    if (typeof here === 'string' && !isStorableText(here))
      return `${path || '(root)'} holds a character no store can keep`
    if (typeof here !== 'object' || here === null) continue
    if (depth >= depthMax) return `${path} is nested more than ${depthMax} deep`
    for (const [key, inner] of Object.entries(here)) {
      if (!isStorableText(key)) return `${path || '(root)'} has a name no store can keep`
      open.push({ value: inner, path: `${path}/${key.slice(0, 40)}`, depth: depth + 1 })
    }
  }
  return undefined
}

const isStorableText = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed()
