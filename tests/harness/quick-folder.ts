import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

const quickBytesMin = 4 * 2 ** 30

/**
 * Where databases of tests lie that need no disk: in memory where Linux offers it. They come and go by the hundred, and what
 * must survive a loss of power is not what is tried on them (that has clusters of its own, on a disk). In memory a copy of the
 * template's files costs a tenth of the same pages written through the log; on a disk each of those files would be synchronised.
 */
export async function quickFolder(): Promise<{
  readonly folder: string
  /** How a database is best copied there. */
  readonly strategy: 'file_copy' | 'wal_log'
}> {
  const memory = '/dev/shm'
  const room = await statfs(memory).catch(() => undefined)
  return room && room.bavail * room.bsize >= quickBytesMin
    ? { folder: memory, strategy: 'file_copy' }
    : { folder: tmpdir(), strategy: 'wal_log' }
}
