import { rm } from 'node:fs/promises'
import type { GatewayId } from '@anju/contract'
import type { GatewayStatus } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { type Api, logIn } from '../../../tests/harness/api.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { temporaryFolder } from '../../../tests/harness/server.ts'
import { aHandGateway, type HandGateway } from '../../../tests/harness/uplink.ts'
import { startApp } from '../app.ts'
import { loadConfig } from '../config.ts'

/** The whole server in this process, on a database of its own, with gateways in the test's hands. */
export interface TestServer {
  readonly url: string
  readonly data: TestDatabase
  readonly installer: Api
  readonly operator: Api
  as(account: string): Promise<Api>
  /** A registered gateway, connected; without a home it gets one of its own. */
  aGateway(homeId?: string): Promise<HandGateway>
  eventsOf(gateway: GatewayId): Promise<string[]>
  statusOf(gateway: GatewayId): Promise<GatewayStatus | undefined>
  close(): Promise<void>
}

/** `way`: how the server reaches its database, if not directly. */
export async function aTestServer(
  env: Readonly<Record<string, string>> = {},
  way: (url: string) => Promise<string> = async (url) => url,
): Promise<TestServer> {
  const password = 'only-for-tests-91c2'
  const folder = temporaryFolder('anju-uplink')
  const data = await freshDatabase()
  const config = loadConfig({
    ANJU_DEMO: '1',
    ANJU_DEMO_PASSWORD: password,
    ANJU_HTTP_PORT: '0',
    ANJU_MQTT_PORT: '0',
    ANJU_DATA_DIR: folder,
    DATABASE_URL: await way(data.url),
    ...env,
  })
  const app = await startApp({ config, clock: systemClock, random: systemRandom, log: pino({ level: 'error' }) })
  const as = (account: string) => logIn(app.url, account, password)
  const installer = await as('installer')
  const gateways: HandGateway[] = []
  let serials = 0
  return {
    url: app.url,
    data,
    installer,
    operator: await as('operator'),
    as,
    async aGateway(homeId) {
      const gateway = await aHandGateway(await installer.registerGateway(`TEST-${++serials}`, homeId))
      gateways.push(gateway)
      return gateway
    },
    async eventsOf(gateway) {
      const rows = await data.sql<{ id: string }>('select id from event where gateway = $1 order by id', [gateway])
      return rows.map(({ id }) => id)
    },
    async statusOf(gateway) {
      const { body } = await installer.call<{ items: GatewayStatus[] }>('GET', '/gateways')
      return body.items.find(({ id }) => id === gateway)
    },
    async close() {
      await Promise.all(gateways.map((gateway) => gateway.close()))
      await app.close()
      await data.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
