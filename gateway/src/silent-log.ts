import type { Log } from './ports.ts'

/** For tests and tools that say what they have to say themselves. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
