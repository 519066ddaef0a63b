import { Refusal } from '../api/request.ts'
import type { Text } from './locale.tsx'

/** What went wrong, as a sentence a person can act on. Codes decide, never the server's wording. */
export function sentenceOf(t: Text, error: unknown): string {
  if (!(error instanceof Refusal)) return t('error.page', { detail: error instanceof Error ? error.message : '?' })
  switch (error.code) {
    case 'claimed-by-other':
      return error.owner ? t('error.claimed-by', { owner: error.owner.name }) : t('error.claimed')
    case 'lease-stale':
      return error.owner ? t('error.lease-taken', { owner: error.owner.name }) : t('error.lease-stale')
    case 'alarm-closed':
      return t('error.alarm-closed')
    case 'alarm-unknown':
      return t('error.alarm-unknown')
    case 'answer-unknown':
      return t('answer.unknown')
    case 'undo-expired':
      return t('error.undo-expired')
    case 'transition-refused':
      return t('error.transition')
    case 'credentials-wrong':
      return t('error.credentials')
    case 'too-many-requests':
      return t('error.too-many')
    case 'owns-alarms':
      return t('error.owns-alarms')
    case 'not-logged-in':
      return t('error.not-logged-in')
    case 'forbidden':
      return t('error.forbidden')
    case 'store-unavailable':
      return t('error.store')
    case 'telemetry-unavailable':
      return t('error.telemetry')
    case 'overloaded':
      return t('error.overloaded')
    case 'unreachable':
      return t('error.unreachable')
    default:
      return t('error.other', { code: error.code, detail: error.detail })
  }
}
