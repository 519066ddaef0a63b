import type { Alarm } from '@anju/contract/api'
import { DISPOSITIONS, type DispositionCode, OUTCOMES, type Outcome } from '@anju/contract/disposition'
import { Button, Modal, Textarea } from '@mantine/core'
import { useRef, useState } from 'react'
import { nameOf } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useLocale, useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { isLostEnter, useDialogKeys } from '../keyboard/use-dialog-keys.ts'
import { Choice } from './choice.tsx'
import styles from './dialogs.module.css'
import { useDetail } from './use-detail.ts'

interface Props {
  readonly alarm: Alarm
  readonly onDone: (closed: boolean) => void
}

/**
 * Why, what it was, and what came of it: all three or it stays open. By keys: three digits and Enter. The step a
 * digit answers is the one marked; the arrows and Tab work as in any form.
 */
export function CloseDialog({ alarm, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const commands = useCommands()
  const [code, setCode] = useState<DispositionCode | null>(null)
  const [cause, setCause] = useState<string | null>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [note, setNote] = useState('')
  const [saving, setSaving] = useState(false)
  const submit = useRef<HTMLButtonElement>(null)
  const causes: readonly string[] = code === null ? [] : DISPOSITIONS[code]
  const complete = code !== null && cause !== null && outcome !== null
  const step = code === null ? 'code' : cause === null ? 'cause' : outcome === null ? 'outcome' : 'done'

  function chooseCode(next: DispositionCode) {
    if (next !== code) setCause(null)
    setCode(next)
  }

  function chooseOutcome(next: Outcome) {
    setOutcome(next)
    if (code !== null && cause !== null) submit.current?.focus()
  }

  useDialogKeys((event) => {
    const isOurs = isLostEnter(event) || (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement))
    if (isOurs && complete) {
      event.preventDefault()
      void close()
      return
    }
    const index = Number(event.key) - 1
    if (!Number.isInteger(index) || index < 0) return
    event.preventDefault()
    if (step === 'code') {
      const next = (Object.keys(DISPOSITIONS) as DispositionCode[])[index]
      if (next) chooseCode(next)
    } else if (step === 'cause') setCause(causes[index] ?? null)
    else if (OUTCOMES[index]) chooseOutcome(OUTCOMES[index])
  })

  async function close() {
    if (code === null || cause === null || outcome === null || saving) return
    setSaving(true)
    const closed = await commands.close(alarm, { code, cause, outcome }, note.trim())
    setSaving(false)
    if (closed) onDone(true)
  }

  return (
    <Modal
      opened
      onClose={() => onDone(false)}
      size="lg"
      title={t('close.title', { name: nameOf(alarm), type: words('event', alarm.type) })}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="close"
    >
      <div className={styles['form']}>
        <Owed alarm={alarm} />
        <Choice
          legend={t('close.code')}
          name="code"
          current={step === 'code'}
          options={Object.keys(DISPOSITIONS) as DispositionCode[]}
          chosen={code}
          word={(option) => words('disposition', option)}
          onChoose={chooseCode}
          startsHere
        />
        <Choice
          legend={t('close.cause')}
          name="cause"
          current={step === 'cause'}
          options={causes}
          chosen={cause}
          word={(option) => words('cause', option)}
          onChoose={setCause}
          empty={t('close.code-first')}
        />
        <Choice
          legend={t('close.outcome')}
          name="outcome"
          current={step === 'outcome'}
          options={OUTCOMES}
          chosen={outcome}
          word={(option) => words('outcome', option)}
          onChoose={chooseOutcome}
        />
        <Textarea
          label={t('close.note')}
          rows={2}
          maxLength={2_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div className={styles['buttons']}>
          <output className={styles['hint']}>{complete ? t('close.ready') : t('close.missing')}</output>
          <Button variant="default" onClick={() => onDone(false)}>
            {t('dialog.cancel')}
          </Button>
          {/* Not `disabled` while incomplete: a disabled button loses the focus and says nothing of why. */}
          <Button
            ref={submit}
            data-action="confirm-close"
            aria-disabled={!complete}
            loading={saving}
            onClick={() => void close()}
          >
            {t('close.confirm')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

/** What the plan still asks for before a life or hazard alarm may be closed: said before it is refused. */
function Owed({ alarm }: { readonly alarm: Alarm }) {
  const t = useText()
  const { locale } = useLocale()
  const plan = useDetail(alarm.id).data?.plan
  if (!plan || plan.manual || alarm.class === 'technical') return null
  const owed = plan.steps.filter(
    ({ required, kind, state }) => required && kind !== 'close' && state !== 'done' && state !== 'skipped',
  )
  if (owed.length === 0) return null
  return (
    <div className={styles['owed']} data-owed>
      {t('close.owed')}
      <ul>
        {owed.map((step) => (
          <li key={step.id}>{step.texts[locale]}</li>
        ))}
      </ul>
    </div>
  )
}
