import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GatewayAnswer } from '@anju/contract/api'

/** What the demo made up once and keeps from start to start, readable by its owner only. */
export interface Kept {
  readonly password: string
  readonly bridgePassword: string
  readonly gateway: GatewayAnswer | undefined
}

const fileOf = (dataDir: string): string => join(dataDir, 'demo.json')

/** 80 bits without letters and digits that look alike: somebody types it. */
const newPassword = (): string =>
  [...randomBytes(16)].map((byte) => 'abcdefghjkmnpqrstuvwxyz23456789'[byte % 31]).join('')

export function readKept(dataDir: string): Kept {
  let known: Partial<Kept> = {}
  try {
    known = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Partial<Kept>
  } catch {
    // none yet, or half a file: made anew, and the accounts get the new password at this start
  }
  return {
    password: known.password ?? newPassword(),
    bridgePassword: known.bridgePassword ?? newPassword(),
    gateway: known.gateway,
  }
}

export const keep = (dataDir: string, kept: Kept): void => writeSecret(fileOf(dataDir), kept)

/** Whole or not at all, and for its owner's eyes only. */
export function writeSecret(file: string, value: object): void {
  const beside = `${file}.new`
  writeFileSync(beside, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(beside, file)
}
