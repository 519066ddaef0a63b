import { isDeepStrictEqual } from 'node:util'
import { DomainError, errorMessage } from '@anju/contract'
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { type ModbusProfile, modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'
import { lint } from '../lint.ts'
import type { Decoded, DeviceOptions, Example } from '../profile.ts'
import { compile, type PayloadProfile, payloadProfile, readsOf } from './payload-profile.ts'
import { type PayloadFile, profileFileSchemas, type RegisterFile } from './schema.ts'

export type FileProfile = ModbusProfile | PayloadProfile

/** What is wrong with a file, and on which of its lines. */
export interface Problem {
  readonly line: number
  readonly why: string
}
export type Loaded =
  | { readonly is: 'profile'; readonly profile: FileProfile }
  | { readonly is: 'refused'; readonly problems: readonly Problem[] }

type Path = readonly (string | number)[]
const problemsMax = 20
const fileCharsMax = 256 * 1_024

/**
 * Reads an installer's profile: well-formed, sound by the lint of our own profiles, and proven by its own examples. Comments
 * and trailing commas are allowed; everything else is refused with its line.
 */
export async function loadProfile(text: string): Promise<Loaded> {
  if (text.length > fileCharsMax) return refused({ line: 1, why: `longer than ${fileCharsMax} characters` })
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, { allowTrailingComma: true })
  const lineOf = lineCounter(text)
  const [first] = errors
  if (first || !tree) return refused({ line: lineOf(first?.offset ?? 0), why: wordsOf(first) })
  const at = (path: Path): number => lineOf(nodeAt(tree, path).offset)
  const file = valueOf(tree) as RegisterFile | PayloadFile

  const schema = Object.hasOwn(profileFileSchemas, file?.driver) ? profileFileSchemas[file.driver] : undefined
  if (!schema) {
    const known = Object.keys(profileFileSchemas).join(' or ')
    return refused({ line: at(['driver']), why: `driver: a file may only be for ${known}` })
  }
  if (!schema.Check(file)) return refused(...shapeProblems(schema.Errors(file), at))
  const compiled = compileProblems(file, at)
  if (compiled.length > 0) return refused(...compiled)

  const profile = file.driver === 'mqtt' ? payloadProfile(file) : modbusProfile(mapOf(file))
  const complaints = lint(profile).map(({ at: path, why }) => ({ line: at(path), why: `${path.join('.')}: ${why}` }))
  if (complaints.length > 0) return refused(...complaints)
  const broken = await exampleProblems(profile, at)
  return broken.length > 0 ? refused(...broken) : { is: 'profile', profile }
}

const refused = (...problems: readonly Problem[]): Loaded => ({
  is: 'refused',
  problems: problems.slice(0, problemsMax),
})

const mapOf = (file: RegisterFile) => ({
  ...file,
  examples: file.examples.map((example) =>
    'reads' in example ? { ...example, reads: readsOf(example.reads) } : example,
  ),
})

type AnyDecode = (message: unknown, options: DeviceOptions) => Decoded | Promise<Decoded>

async function exampleProblems(profile: FileProfile, at: (path: Path) => number): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const [i, example] of (profile.examples as readonly Example<'mqtt', string>[]).entries()) {
    const told = await outcome(profile.decode as AnyDecode, example)
    const wanted =
      'fails' in example ? { fails: example.fails } : { reads: example.reads, events: example.events ?? [] }
    if (!isDeepStrictEqual(told, wanted))
      problems.push({
        line: at(['examples', i]),
        why: `example "${example.when}": expected ${JSON.stringify(wanted)}, the profile says ${JSON.stringify(told)}`,
      })
  }
  return problems
}

async function outcome(decode: AnyDecode, { input }: Example<'mqtt', string>): Promise<object> {
  try {
    const { readings, events } = await decode(input, {})
    return { reads: readings, events }
  } catch (error) {
    if (error instanceof DomainError) return { fails: error.code }
    throw error
  }
}

function compileProblems(file: RegisterFile | PayloadFile, at: (path: Path) => number): Problem[] {
  if (file.driver !== 'mqtt') return []
  const expressions: [Path, string][] = [
    ...Object.entries(file.measures).map(([point, { value }]): [Path, string] => [['measures', point, 'value'], value]),
    ...Object.entries(file.events).flatMap(([type, rule]): [Path, string][] =>
      rule.from === 'edge' ? [[['events', type, 'when'], rule.when]] : [],
    ),
  ]
  return expressions.flatMap(([path, expression]) => {
    try {
      compile(expression)
      return []
    } catch (error) {
      return [{ line: at(path), why: `${path.join('.')}: ${errorMessage(error)}` }]
    }
  })
}

interface ShapeError {
  readonly instancePath: string
  readonly message: string
  readonly params?: unknown
}

/** A union complains once for each of its kinds: the deepest complaint is the one that helps. */
function shapeProblems(errors: Iterable<ShapeError>, at: (path: Path) => number): Problem[] {
  const found = [...errors].map(({ instancePath, message, params }) => {
    const missing = (params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0]
    const path = pathOf(instancePath)
    const why =
      missing === undefined ? (message === 'schema is false' ? 'is not a field' : message) : `${missing} is missing`
    return { path, why: `${path.join('.') || 'the file'}: ${why}` }
  })
  const deepest = found.filter(
    ({ path }) => !found.some((other) => other.path.length > path.length && begins(path, other.path)),
  )
  const once = new Map(deepest.map((one) => [one.why, one]))
  return [...once.values()].map(({ path, why }) => ({ line: at(path), why }))
}
const begins = (path: Path, other: Path): boolean => path.every((part, i) => part === other[i])
const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')))

/** What a path names, or the nearest that is there. */
function nodeAt(tree: Node, path: Path): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length))
    // A member begins with its name.
    if (node) return node.parent?.type === 'property' ? node.parent : node
  }
  return tree
}

function valueOf(node: Node): unknown {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(
        (node.children ?? []).map(({ children: [key, value] = [] }) => [key?.value as string, value && valueOf(value)]),
      )
    case 'array':
      return (node.children ?? []).map(valueOf)
    default:
      return node.value as unknown
  }
}

const wordsOf = (error: ParseError | undefined): string =>
  error
    ? `not JSON: ${printParseErrorCode(error.error)
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
        .toLowerCase()}`
    : 'is empty'

function lineCounter(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split('\n').length
}
