import { Refusal } from '../api/request.ts'
import { changedSentence } from '../changed/changed-sentence.ts'
import type { Text } from './locale.tsx'

/** What the resident has not agreed to, or has taken back. */
const UNAGREED = {
  alarm: 'unagreed.alarm',
  'daily-state': 'unagreed.daily-state',
  routine: 'unagreed.routine',
  telemetry: 'unagreed.telemetry',
  'responder-visit': 'unagreed.responder-visit',
} as const

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
    case 'home-unknown':
      return t('error.home-unknown')
    case 'area-unknown':
      return t('error.area-unknown')
    case 'external-ref-taken':
      return t('error.external-ref-taken')
    case 'undo-expired':
      return t('error.undo-expired')
    case 'transition-refused':
      return t('error.transition')
    case 'plan-incomplete':
      return t('error.plan-incomplete', { count: error.steps.length })
    case 'plan-unknown':
      return t('error.plan-unknown')
    case 'plan-changed':
      return t('error.plan-changed', { by: error.changed?.by ?? '' })
    case 'home-changed':
    case 'resident-changed':
    case 'contact-changed':
    case 'contact-order-changed':
    case 'responder-changed':
    case 'person-changed':
    case 'seat-changed':
    case 'shift-changed':
    case 'policy-changed':
      return changedSentence(t, error.changed ?? { version: null, by: null, at: null })
    case 'step-unknown':
      return t('error.step-unknown')
    case 'handover-unknown':
      return t('error.handover-unknown')
    case 'credentials-wrong':
      return t('error.credentials')
    case 'second-factor-wrong':
      return t('account.code-wrong')
    case 'account-locked':
      return t('account.locked')
    case 'password-expired':
      return t('account.password-expired')
    case 'second-factor-exempt':
      return t('account.exempt')
    case 'own-account':
      return t('account.own')
    case 'username-taken':
      return t('accounts.username-taken')
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
    case 'outside-retention':
      return t('error.outside-retention')
    case 'time-not-credible':
      return t('error.time-not-credible')
    case 'overloaded':
      return t('error.overloaded')
    case 'contact-unknown':
    case 'responder-unknown':
    case 'person-unknown':
    case 'way-unknown':
    case 'seat-unknown':
    case 'shift-unknown':
    case 'consent-unknown':
    case 'erasure-unknown':
    case 'policy-unknown':
      return t('error.gone')
    case 'consent-missing':
      return t(UNAGREED[error.purpose ?? 'daily-state'])
    case 'consent-withdrawn':
      return t('error.consent-withdrawn')
    case 'seat-in-use':
      return t('error.seat-in-use')
    case 'policy-unreachable':
      return t('error.policy-unreachable')
    case 'unreachable':
      return t('error.unreachable')
    default:
      return t('error.other', { code: error.code, detail: error.detail })
  }
}
