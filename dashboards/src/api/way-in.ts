import type { RevealAnswer } from '@anju/contract/api'
import { request } from './request.ts'

export const wayIn = {
  /** Each answer is a look that is logged, so it is asked for once and never again by itself. */
  reveal: (id: string, lease: string) =>
    request<RevealAnswer>(`/alarms/${encodeURIComponent(id)}/reveal`, { method: 'POST', body: { lease } }),
}
