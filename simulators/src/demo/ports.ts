import { createServer } from 'node:net'
import { DomainError, integerBetween, type Random } from '@anju/contract'
import type { DemoConfig } from './config.ts'

/** @throws DomainError `port-unavailable` naming the first port that is taken and the variable that moves it. */
export async function checkPorts(config: DemoConfig): Promise<void> {
  const wanted = [
    { ...config.http, variable: 'ANJU_HTTP_PORT' },
    ...(config.mqtt ? [{ ...config.mqtt, variable: 'ANJU_MQTT_PORT' }] : []),
    { host: '127.0.0.1', port: config.gatewayMqttPort, variable: 'ANJU_GATEWAY_MQTT_PORT' },
    { host: '127.0.0.1', port: config.gatewayHttpPort, variable: 'ANJU_GATEWAY_HTTP_PORT' },
  ]
  const seen = new Map<number, string>()
  for (const { host, port, variable } of wanted) {
    const other = seen.get(port)
    if (other)
      throw new DomainError('port-unavailable', `${other} and ${variable} are both ${port}: give them different ports`)
    seen.set(port, variable)
    const why = await whyTaken(host, port)
    if (why)
      throw new DomainError(
        'port-unavailable',
        `port ${port} on ${host} cannot be used (${why}): set ${variable} to a free one`,
      )
  }
}

function whyTaken(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'another program listens there' : (error.code ?? error.message)),
    )
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

/**
 * A port for a line nobody has to know in advance. Below the range systems take outgoing connections from, so that it is still
 * free when the home comes back after a crash.
 */
export async function linePort(random: Random): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = integerBetween(random, 20_000, 29_999)
    if (!(await whyTaken('127.0.0.1', port))) return port
  }
  throw new DomainError('port-unavailable', 'no free port between 20000 and 29999 for the radar line')
}
