import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'

/** With the one before it, what the log of one part may take on disk. */
const logBytesMax = 4 * 1024 * 1024

/**
 * A log that a part writes to by itself, so that it outlives the launcher. Parts append; a full log is copied to `.1` and
 * emptied under their hands.
 */
export class LogFile {
  readonly path: string
  readonly descriptor: number

  constructor(path: string) {
    this.path = path
    this.descriptor = openSync(path, 'a+', 0o600)
  }

  rotateWhenFull(): void {
    if (fstatSync(this.descriptor).size < logBytesMax) return
    copyFileSync(this.path, `${this.path}.1`)
    ftruncateSync(this.descriptor, 0)
  }

  /** The last line that says something, to tell a person why a part ended. */
  lastLine(): string {
    const { size } = fstatSync(this.descriptor)
    const buffer = Buffer.alloc(Math.min(size, 4_096))
    readSync(this.descriptor, buffer, 0, buffer.length, size - buffer.length)
    const lines = buffer
      .toString()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
    return lines.at(-1)?.slice(0, 300) ?? ''
  }

  close(): void {
    closeSync(this.descriptor)
  }
}
