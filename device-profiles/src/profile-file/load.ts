import { errorMessage } from '@anju/contract'
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { modbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'
import { lint } from '../lint.ts'
import { exampleProblems } from './example-problems.ts'
import type { FileProfile } from './file-profile.ts'
import { compile, payloadProfile, readsOf } from './payload-profile.ts'
import type { LineOf, Path, Problem } from './problem.ts'
import { registerProblems } from './register-problems.ts'
import { type PayloadFile, profileFileSchemas, type RegisterFile } from './schema.ts'
import { shapeProblems } from './shape-problems.ts'

export type Loaded =
  | { readonly is: 'profile'; readonly profile: FileProfile }
  | { readonly is: 'refused'; readonly problems: readonly Problem[] }

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
  const at: LineOf = (path) => lineOf(nodeAt(tree, path).offset)
  const file = valueOf(tree) as RegisterFile | PayloadFile

  const schema = Object.hasOwn(profileFileSchemas, file?.driver) ? profileFileSchemas[file.driver] : undefined
  if (!schema) {
    const known = Object.keys(profileFileSchemas).join(' or ')
    return refused({ line: at(['driver']), why: `driver: a file may only be for ${known}` })
  }
  if (!schema.Check(file)) return refused(...shapeProblems(schema.Errors(file), file, at))
  const parts = file.driver === 'mqtt' ? compileProblems(file, at) : registerProblems(file, at)
  if (parts.length > 0) return refused(...parts)

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

function compileProblems(file: PayloadFile, at: LineOf): Problem[] {
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
