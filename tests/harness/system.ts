import type { MqttClient } from 'mqtt'
import type { Api } from './api.ts'
import { aGateway, type GatewayOptions, type RunningGateway } from './gateway.ts'
import { type Live, listen } from './live.ts'
import { aRelay, type Relay } from './relay.ts'
import { aServer, type RunningServer, type ServerOptions } from './server.ts'
import { until } from './wait.ts'

/** One home end to end, as `npm start` runs it: a server, a line that can be cut, a gateway, an operator, a button. */
export interface System {
  readonly server: RunningServer
  readonly gateway: RunningGateway
  readonly internet: Relay
  readonly operator: Api
  readonly live: Live
  /** The bridge of the home's button. */
  readonly device: MqttClient
  stop(): Promise<void>
}

export async function aSystem(
  options: { server?: ServerOptions; gateway?: Omit<GatewayOptions, 'provisioned' | 'uplinkUrl'> } = {},
): Promise<System> {
  const ends: (() => Promise<void>)[] = []
  const stop = async () => {
    const errors: unknown[] = []
    for (const end of ends.splice(0).reverse()) await end().catch((error: unknown) => errors.push(error))
    if (errors.length > 0) throw new AggregateError(errors, 'the system did not stop cleanly')
  }
  try {
    const server = await aServer(options.server)
    ends.push(() => server.end())
    const installer = await server.logIn('installer')
    const provisioned = await installer.registerGateway('TEST-0001', 'home-1')
    const internet = await aRelay({ port: server.mqttPort, host: '127.0.0.1' })
    ends.push(() => internet.end())
    const gateway = await aGateway({
      ...options.gateway,
      provisioned,
      uplinkUrl: `mqtt://127.0.0.1:${internet.port}`,
    })
    ends.push(() => gateway.end())
    const operator = await server.logIn('operator')
    const live = await listen(operator)
    ends.push(async () => live.close())
    const device = await gateway.device()
    ends.push(() => device.endAsync(true))
    await until('the gateway to be heard at the centre', async () => gatewayIsOnline(operator), {
      withinMs: 20_000,
    })
    return { server, gateway, internet, operator, live, device, stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}

async function gatewayIsOnline(api: Api): Promise<boolean> {
  const { body } = await api.call<{ gateway: { state: string } | null }>('GET', '/homes/home-1')
  return body.gateway?.state === 'online'
}
