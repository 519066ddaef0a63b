import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { openDatabase } from '../database/database.ts'
import { type InfluxAddress, influxStore } from '../telemetry/influx-store.ts'
import { nullStore } from '../telemetry/null-store.ts'
import { postgresStore } from '../telemetry/postgres-store.ts'
import { sumDue } from '../telemetry/postgres-sums.ts'
import type { TelemetryStore } from '../telemetry/store.ts'
import { keepSumming } from '../telemetry/summing.ts'
import type { FromWorker, ToWorker } from '../telemetry/thread.ts'
import { TelemetryWriter } from '../telemetry/writer.ts'

export type TelemetryWorkerData =
  | { readonly store: 'postgres'; readonly databaseUrl: string }
  | { readonly store: 'influx'; readonly address: InfluxAddress }
  | { readonly store: 'null' }

/** The telemetry worker's thread: it shares nothing with the alarm's thread but the slabs it is handed. */
const port = parentPort
invariant(port, 'runs as a worker thread')
const store = storeOf(workerData as TelemetryWorkerData)
const writer = new TelemetryWriter(
  store,
  { post: (message, transfer) => port.postMessage(message, [...transfer]) },
  systemClock,
  systemRandom,
)
void writer.start()
// As in `main.ts`: a thread keeps what it has compiled for itself.
flushCompileCache()
port.on('message', (message: ToWorker) => {
  if (message.kind === 'slab') return writer.take(message)
  if (message.kind === 'erased') return writer.drop(message.homes)
  void writer.close().finally(() => port.close())
})

function storeOf(data: TelemetryWorkerData): TelemetryStore {
  if (data.store === 'null') return nullStore()
  if (data.store === 'influx') return influxStore(data.address, systemClock)
  const log = { info: () => undefined, warn: () => undefined } // the writer reports what matters; one voice is enough
  const database = openDatabase({ url: data.databaseUrl, clock: systemClock, random: systemRandom, log })
  const postgres = postgresStore(database)
  const summing = keepSumming(
    (signal) => sumDue(database, signal),
    (why) => port?.postMessage({ kind: 'unsummed', why } satisfies FromWorker),
    systemClock,
  )
  return {
    ...postgres,
    async close() {
      await summing.close()
      await postgres.close()
      await database.close()
    },
  }
}
