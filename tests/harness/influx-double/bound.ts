/** What a question binds beside its script: literals of Flux's own syntax tree, each of the right kind. */
export interface Bound {
  text(name: string): string
  number(name: string): number
}
export class NotFlux extends Error {}

interface Literal {
  readonly type: string
  readonly value?: string
  readonly values?: readonly { readonly magnitude: number; readonly unit: string }[]
}
interface Assignment {
  readonly type: string
  readonly id: { readonly type: string; readonly name: string }
  readonly init: Literal
}

export function boundBy(extern: unknown): Bound {
  const { type, body } = (extern ?? {}) as { type?: string; body?: readonly Assignment[] }
  if (type !== 'File' || !Array.isArray(body)) throw new NotFlux('extern is no file')
  const literals = new Map<string, Literal>()
  for (const { type, id, init } of body as readonly Assignment[]) {
    if (type !== 'VariableAssignment' || id.type !== 'Identifier') throw new NotFlux('extern declares no variable')
    literals.set(id.name, init)
  }
  const literal = (name: string) => {
    const found = literals.get(name)
    if (!found) throw new NotFlux(`undefined identifier ${name}`)
    return found
  }
  return {
    text(name) {
      const { type, value } = literal(name)
      if (type !== 'StringLiteral' || value === undefined) throw new NotFlux(`${name} is no string`)
      return value
    },
    number(name) {
      const { type, value, values } = literal(name)
      const [duration] = values ?? []
      if (type === 'DateTimeLiteral') return Date.parse(value ?? '')
      if (type === 'IntegerLiteral') return Number(value)
      if (type === 'DurationLiteral' && duration?.unit === 'ms') return duration.magnitude
      throw new NotFlux(`${name} is no number`)
    },
  }
}
