import type { Owner, Problem } from '@anju/contract/api'
import type { ErrorCode } from '@anju/contract/errors'

/** What the server answered instead of doing it, or that it did not answer (`unreachable`). */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode | 'unreachable'
  readonly status: number
  /** Who holds the alarm, where that is the reason. */
  readonly owner: Owner | null
  readonly detail: string
  /** What is still to be done, where that is the reason. */
  readonly steps: NonNullable<Problem['steps']>
  /** What was changed meanwhile, and by whom, where that is the reason. */
  readonly changed: Problem['changed']
  /** What the resident has not agreed to, where that is the reason. */
  readonly purpose: Problem['purpose']

  constructor(
    code: ErrorCode | 'unreachable',
    status: number,
    detail: string,
    { owner = null, steps = [], changed, purpose }: Pick<Problem, 'owner' | 'steps' | 'changed' | 'purpose'> = {},
  ) {
    super(`${code}: ${detail}`)
    this.code = code
    this.status = status
    this.detail = detail
    this.owner = owner
    this.steps = steps
    this.changed = changed
    this.purpose = purpose
  }
}

const answerWithinMs = 10_000

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: object
  /** The same key and body are done once, however often they are sent. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/** One call of `/api/v1`. @throws Refusal, with the problem document's code. */
export async function request<T>(path: string, { method = 'GET', body, idempotencyKey, signal }: Request = {}) {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body) headers['content-type'] = 'application/json'
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
  const limit = AbortSignal.timeout(answerWithinMs)
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  } catch (error) {
    throw new Refusal('unreachable', 0, error instanceof Error ? error.message : String(error))
  }
  const text = await response.text().catch(() => '')
  if (response.ok) return (text === '' ? null : JSON.parse(text)) as T
  throw refusalOf(response.status, text)
}

export function refusalOf(status: number, text: string): Refusal {
  let problem: Partial<Problem> = {}
  try {
    problem = JSON.parse(text) as Partial<Problem>
  } catch {
    // A proxy's page or an empty answer: the status is all there is.
  }
  const code = (problem.code ?? (status === 401 ? 'not-logged-in' : 'internal')) as ErrorCode
  return new Refusal(code, status, problem.detail ?? problem.title ?? `HTTP ${status}`, problem)
}
