import { DomainError } from '@anju/contract'
import type { GatewayAnswer } from '@anju/contract/api'

const answerWithinMs = 30_000
/** The server hashes and writes; more at once would only queue there. */
const atOnceMax = 8

/** Registers gateways by their serial numbers (again: new credentials). @throws DomainError with the server's words. */
export async function provisionFleet(
  http: string,
  account: { readonly username: string; readonly password: string },
  serials: readonly string[],
): Promise<GatewayAnswer[]> {
  const login = await call(http, '/api/v1/session', account)
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ')
  await login.text()
  const answers: GatewayAnswer[] = Array.from({ length: serials.length })
  let next = 0
  const worker = async () => {
    for (let index = next++; index < serials.length; index = next++) {
      const answer = await call(http, '/api/v1/gateways', { serial: serials[index] }, cookie)
      answers[index] = (await answer.json()) as GatewayAnswer
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnceMax, serials.length) }, worker))
  return answers
}

async function call(http: string, path: string, body: object, cookie = ''): Promise<Response> {
  const answer = await fetch(new URL(path, http), {
    method: 'POST',
    headers: { origin: new URL(http).origin, 'content-type': 'application/json', ...(cookie && { cookie }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerWithinMs),
  })
  if (answer.ok) return answer
  throw new DomainError('internal', `${path}: ${answer.status} ${(await answer.text()).slice(0, 300)}`)
}
