import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { errorMessage, formatInstant, type Instant, parseInstant } from '@anju/contract'
import { UsageError } from './usage-error.ts'

type Options<O extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: O }>>['values']

/**
 * What follows the name of a command that has options only.
 * @throws UsageError
 */
export const optionsOf = <const O extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: O,
): Options<O> => understood(command, { args: [...args], options }).values as Options<O>

/**
 * The same of one that has words, too.
 * @throws UsageError
 */
export function argumentsOf<const O extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: O,
): { readonly values: Options<O>; readonly words: readonly string[] } {
  const { values, positionals } = understood(command, { args: [...args], options, allowPositionals: true })
  return { values: values as Options<O>, words: positionals }
}

function understood(command: string, config: ParseArgsConfig) {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(`${command}: ${errorMessage(error)}`)
  }
}

/** @throws UsageError naming the option */
export function instantOf(command: string, option: string, text: string | undefined): Instant | undefined {
  try {
    return text === undefined ? undefined : parseInstant(text)
  } catch {
    const example = formatInstant(parseInstant('2026-03-01T00:00:00Z'))
    throw new UsageError(`${command}: ${option}: "${text}" is no instant like ${example}`)
  }
}
