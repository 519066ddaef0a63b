import type { ImportReport } from '@anju/contract/api'
import { Refusal, refusalOf } from './request.ts'

/** What the server takes of one file. */
export const fileBytesMax = 256 * 1024 * 1024

interface Sending {
  readonly file: Blob
  /** Everything is read, judged and compared; nothing is written. */
  readonly dryRun: boolean
  /** Of the file, as far as the server has taken it: it reads a row only when the ones before are seen to. */
  readonly onProgress: (bytes: number) => void
}

/**
 * A list of households. It takes as long as it takes: a city is minutes, and only a connection that ends ends it. By the older
 * of the browser's two ways to ask, because the newer one does not say how much of a file has gone. @throws Refusal.
 */
export function sendHouseholds({ file, dryRun, onProgress }: Sending): Promise<ImportReport> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', `/api/v1/imports/households?dryRun=${dryRun}`)
    call.setRequestHeader('content-type', 'text/csv')
    call.setRequestHeader('accept', 'application/json')
    call.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    call.addEventListener('load', () => {
      if (call.status === 200) resolve(JSON.parse(call.responseText) as ImportReport)
      else reject(refusalOf(call.status, call.responseText))
    })
    call.addEventListener('error', () => reject(new Refusal('unreachable', 0, 'the connection ended')))
    call.addEventListener('abort', () => reject(new Refusal('unreachable', 0, 'the connection was ended')))
    call.send(file)
  })
}
