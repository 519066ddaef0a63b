import type { Agency, AlarmList, PacketPreview } from '@anju/contract/api'
import { request } from './request.ts'

/** As many as are read at a glance: each one shown is a look at somebody's home. */
const rowsAPage = 25

const page = (query: Record<string, string>, cursor: string | null, signal: AbortSignal) =>
  request<AlarmList>(
    `/alarms?${new URLSearchParams({ ...query, limit: String(rowsAPage), ...(cursor === null ? {} : { cursor }) }).toString()}`,
    { signal },
  )

/** What an incident asks beside its own particulars. */
export const incidents = {
  /** The homes of an outage, each by its own alarm. */
  members: (outage: string, cursor: string | null, signal: AbortSignal) => page({ parent: outage }, cursor, signal),
  closed: (cursor: string | null, signal: AbortSignal) =>
    page({ handling: 'closed', order: 'closed-at' }, cursor, signal),
  /** What an agency would be told; nothing is written by reading it. */
  preview: (id: string, lease: string, agency: Agency, note: string, signal: AbortSignal) =>
    request<PacketPreview>(`/alarms/${encodeURIComponent(id)}/agencies/preview`, {
      method: 'POST',
      body: { lease, agency, ...(note === '' ? {} : { note }) },
      signal,
    }),
}
