import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { lineProtocol } from './line-protocol.ts'
import { senml } from './senml.ts'

export const FORMATS = { 'line-protocol': lineProtocol, csv, senml } as const satisfies Record<string, Format>
export type FormatName = keyof typeof FORMATS
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[]
