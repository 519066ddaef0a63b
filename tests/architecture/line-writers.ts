import { isTest, lineAt, type Source } from './source.ts'

/** Path (a prefix) → why it may put bytes on a line. What they say is made by encoders that know only reads. */
export const LINE_WRITERS: Readonly<Record<string, string>> = {
  'gateway/src/serial-line/line.ts': 'hands what it is given to the port it owns',
  'gateway/src/serial-line/transport.ts': 'is the port',
  'gateway/src/drivers/bus-master/bus-master.ts': 'asks the devices that are installed, by their wires',
  'gateway/src/cli/scan': 'asks an installer’s line who is there',
}

const isGateway = ({ path }: Source): boolean => path.startsWith('gateway/src/') && !isTest(path)
const mayWrite = ({ path }: Source): boolean => Object.keys(LINE_WRITERS).some((prefix) => path.startsWith(prefix))
const knowsLines = ({ imports }: Source): boolean =>
  imports.some(({ target }) => /^gateway\/src\/serial-line\/(?:line|transport)\.ts$/.test(target ?? ''))

/**
 * Places in the gateway where bytes could be put on a line by somebody who may not: any `.write(` that is not the terminal's,
 * and in a file that knows lines any word `write` at all (a method handed on is a method called).
 */
export function lineWriters(sources: readonly Source[]): string[] {
  return sources
    .filter((source) => isGateway(source) && !mayWrite(source))
    .flatMap((source) => {
      const pattern = knowsLines(source) ? /\bwrite\b/g : /\.write\(/g
      return [...source.code.matchAll(pattern)]
        .filter(({ index }) => !/\bprocess\.std(?:out|err)\.?$/.test(source.code.slice(0, index)))
        .map(({ index }) => `${source.path}:${lineAt(source.text, index)} ${source.text.slice(index, index + 12)}`)
    })
}

/** Who in the gateway makes frames itself instead of asking a wire for them. */
export const encoderUsers = (sources: readonly Source[]): string[] =>
  sources
    .filter((source) => isGateway(source) && !source.path.startsWith('gateway/src/cli/scan'))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => /^device-profiles\/protocols\/.*\/encode\.ts$/.test(target ?? ''))
        .map(({ specifier, line }) => `${path}:${line} ${specifier}`),
    )
