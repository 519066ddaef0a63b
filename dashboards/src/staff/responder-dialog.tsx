import { type Changed, RESPONDER_KINDS, type Responder } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { staff } from '../api/staff-calls.ts'
import { Pick } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { onTopOf, waysOf } from '../ways/way-draft.ts'
import { WaysEditor } from '../ways/ways-editor.tsx'
import { changesOf, isSame, waysIn } from './fault.ts'
import { FormDialog } from './form-dialog.tsx'
import { HoursEditor } from './hours-editor.tsx'
import {
  emptyResponder,
  type ResponderDraft,
  responderBody,
  responderDraftOf,
  responderFaults,
  wayFaultFrom,
} from './responder-draft.ts'
import styles from './staff.module.css'
import { ZoneName } from './zone-name.tsx'

interface Props {
  /** Null: a new one. */
  readonly responder: Responder | null
  readonly onDone: (saved: boolean) => void
}

/** Each language names itself. */
const LANGUAGES = { 'zh-CN': '中文', en: 'English' } as const

/** Who can be sent, to where, when, and how they are reached. */
export function ResponderDialog({ responder, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const [initial] = useState(() => (responder ? responderDraftOf(responder) : emptyResponder))
  const [draft, setDraft] = useState(initial)
  /** What the server's answer is about. */
  const sent = useRef(draft.ways)
  const change = (part: Partial<ResponderDraft>) => setDraft((before) => ({ ...before, ...part }))

  async function send(over: Changed | null) {
    const body = responderBody(draft)
    sent.current = draft.ways
    if (!responder) return staff.addResponder(body)
    const changes = changesOf(responderBody(initial), body)
    const now = over === null ? responder : await staff.waysOfResponder(responder.id)
    const writtenFrom = now.version
    if (!changes.ways) return staff.changeResponder(responder.id, { ...changes, writtenFrom })
    sent.current = onTopOf(now.ways, { initial: initial.ways, drafts: draft.ways })
    return staff.changeResponder(responder.id, { ...changes, ways: waysOf(sent.current), writtenFrom })
  }

  return (
    <FormDialog
      of="responder"
      size="xl"
      title={responder ? t('plans.edit-of', { what: responder.name }) : t('staff.responder-new')}
      dirty={!isSame(initial, draft)}
      faults={responderFaults(draft)}
      faultFrom={(error) => wayFaultFrom(error, sent.current)}
      send={send}
      onDone={onDone}
    >
      {({ faults, problemAt }) => (
        <>
          <div className={styles['fields']}>
            <TextInput
              type="text"
              label={t('staff.name')}
              maxLength={100}
              value={draft.name}
              error={problemAt('name')}
              data-field="name"
              data-autofocus
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <Pick
              label={t('staff.kind')}
              value={draft.kind}
              field="kind"
              onPick={(value) => {
                const kind = RESPONDER_KINDS.find((one) => one === value)
                if (kind) change({ kind })
              }}
            >
              {RESPONDER_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {words('responder-kind', kind)}
                </option>
              ))}
            </Pick>
            <TextInput
              type="text"
              inputMode="numeric"
              label={t('staff.zone')}
              description={<ZoneName zone={draft.zone.trim()} />}
              maxLength={12}
              value={draft.zone}
              error={problemAt('zone')}
              data-field="zone"
              onChange={(event) => change({ zone: event.currentTarget.value })}
            />
            <TextInput
              type="text"
              label={t('staff.organisation')}
              maxLength={200}
              value={draft.organisation}
              onChange={(event) => change({ organisation: event.currentTarget.value })}
            />
            <Pick
              label={t('staff.language')}
              value={draft.language}
              onPick={(value) => change({ language: value === 'en' ? 'en' : 'zh-CN' })}
            >
              {Object.entries(LANGUAGES).map(([language, name]) => (
                <option key={language} value={language} lang={language}>
                  {name}
                </option>
              ))}
            </Pick>
          </div>
          <HoursEditor hours={draft.hours} problemAt={problemAt} onChange={(hours) => change({ hours })} />
          <WaysEditor drafts={draft.ways} faults={waysIn(faults)} onChange={(ways) => change({ ways })} />
        </>
      )}
    </FormDialog>
  )
}
