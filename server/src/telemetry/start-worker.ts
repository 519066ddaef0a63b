import { Worker } from 'node:worker_threads'
import { errorMessage } from '@anju/contract'
import type { FromWorker, StartWorker } from './thread.ts'

const heapMaxMb = 256

/** Starts the worker's module in a thread of its own, with a heap of its own: what bloats there does not touch the alarms. */
export function startWorkerAt(entry: URL, workerData: object): StartWorker {
  return ({ message, exit }) => {
    const worker = new Worker(entry, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMaxMb } })
    let why = 'it ended'
    worker.on('message', (given: FromWorker) => message(given))
    worker.on('error', (error) => {
      why = errorMessage(error)
    })
    worker.on('exit', () => exit(why))
    return {
      post: (given, transfer) => worker.postMessage(given, [...transfer]),
      terminate: () => worker.terminate(),
    }
  }
}
