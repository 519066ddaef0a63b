import type { LineOf, Path, Problem } from './problem.ts'

/** As the schema's validator complains. */
export interface ShapeError {
  readonly instancePath: string
  readonly message: string
  readonly params?: unknown
}
interface Params {
  readonly requiredProperties?: readonly string[]
  readonly allowedValue?: unknown
  readonly type?: string
}
interface Complaint {
  readonly path: Path
  readonly message: string
  readonly params: Params
}

/** A union complains once for each of its kinds: the deepest complaint is the one that helps, and what would be right is said once. */
export function shapeProblems(errors: Iterable<ShapeError>, file: unknown, at: LineOf): Problem[] {
  const all = [...errors].map(
    ({ instancePath, message, params }): Complaint => ({
      path: pathOf(instancePath),
      message,
      params: (params ?? {}) as Params,
    }),
  )
  const deepest = all.filter(
    ({ path }) => !all.some((other) => other.path.length > path.length && begins(path, other.path)),
  )
  const found = deepest.map((complaint) => {
    const beside = deepest.filter(({ path }) => path.length === complaint.path.length && begins(path, complaint.path))
    return { path: complaint.path, why: `${complaint.path.join('.') || 'the file'}: ${whyOf(complaint, beside, file)}` }
  })
  const once = new Map(found.map((one) => [one.why, one]))
  return [...once.values()].map(({ path, why }) => ({ line: at(path), why }))
}

function whyOf({ path, message, params }: Complaint, beside: readonly Complaint[], file: unknown): string {
  const [missing] = params.requiredProperties ?? []
  if (missing !== undefined) return `${missing} is missing`
  if (message === 'schema is false') return 'is not a field'
  const allowed = beside.flatMap((one) => ('allowedValue' in one.params ? [String(one.params.allowedValue)] : []))
  if (allowed.length > 0) return `must be ${allowed.length > 1 ? 'one of ' : ''}${allowed.join(', ')}`
  if (path.at(-2) === 'reads')
    return 'must be a number (a switch is 0 or 1), or {"absent": "not-reported"} or another why'
  const types = beside.flatMap((one) => one.params.type ?? [])
  if (types.length === 0) return message
  const given = path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)?.[step], file)
  // Register tables are printed in hexadecimal, and JSON has no such numbers.
  const decimal = typeof given === 'string' && /^0x[0-9a-f]+$/i.test(given) ? `, and ${given} is ${Number(given)}` : ''
  return `must be ${types.join(' or ')}${decimal}`
}

const begins = (path: Path, other: Path): boolean => path.every((part, i) => part === other[i])
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')))
