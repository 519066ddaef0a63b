import type { Alarm, Handover } from '@anju/contract/api'
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useLink, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { LOCALES, useLocale, useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import styles from './dialogs.module.css'
import { useDetail } from './use-detail.ts'

interface Props {
  readonly alarm: Alarm
  readonly handover: string
  readonly onDone: () => void
}

/** The text to read out or to copy, and what the agency answers to it. */
export function Packet({ alarm, handover: id, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const handover = useDetail(alarm.id).data?.handovers.find((one) => one.id === id)
  if (!handover) return <output>{t('incident.loading')}</output>
  return (
    <div className={styles['form']}>
      <p>
        <b>{words('agency', handover.agency)}</b>
        {handover.onTheWay && <> · {t('handover.on-the-way')}</>}
      </p>
      <PacketText text={handover.text} />
      <Answer key={handover.id} alarm={alarm} handover={handover} onDone={onDone} />
    </div>
  )
}

/** To be read out or copied, in the language of whoever listens. */
export function PacketText({ text: said }: Pick<Handover, 'text'>) {
  const t = useText()
  const { locale } = useLocale()
  const [language, setLanguage] = useState(locale)
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null)
  const text = useRef<HTMLTextAreaElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  // The form that had the focus is gone: it goes on where the hand goes on.
  useEffect(() => button.current?.focus(), [])

  async function copy() {
    try {
      await navigator.clipboard.writeText(said[language])
      setCopied('yes')
    } catch {
      // A browser that does not let a page copy lets a person do it.
      text.current?.select()
      setCopied('no')
    }
  }

  return (
    <>
      <textarea
        ref={text}
        className={styles['packet']}
        aria-label={t('handover.text')}
        lang={language}
        data-packet={language}
        readOnly
        rows={said[language].split('\n').length + 1}
        value={said[language]}
      />
      <div className={styles['buttons']}>
        <output className={styles['hint']}>
          {copied === null ? '' : copied === 'yes' ? t('handover.copied') : t('handover.copy-by-hand')}
        </output>
        {LOCALES.map((one) => (
          <Button
            key={one}
            variant={one === language ? 'light' : 'default'}
            aria-pressed={one === language}
            lang={one}
            onClick={() => {
              setLanguage(one)
              setCopied(null)
            }}
          >
            {one === 'en' ? 'English' : '中文'}
          </Button>
        ))}
        <Button ref={button} data-action="copy-packet" onClick={() => void copy()}>
          {t('handover.copy')}
        </Button>
      </div>
    </>
  )
}

function Answer({ alarm, handover, onDone }: Omit<Props, 'handover'> & { readonly handover: Handover }) {
  const t = useText()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const [caseNumber, setCaseNumber] = useState(handover.caseNumber ?? '')
  const [outcome, setOutcome] = useState(handover.outcome ?? '')
  const [saving, setSaving] = useState(false)
  const said = {
    ...(caseNumber.trim() === '' ? {} : { caseNumber: caseNumber.trim() }),
    ...(outcome.trim() === '' ? {} : { outcome: outcome.trim() }),
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (saving || Object.keys(said).length === 0) return
    setSaving(true)
    const saved = await commands.agencyAnswer(alarm, handover.id, said)
    setSaving(false)
    if (saved) onDone()
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <TextInput
        label={t('handover.case-number')}
        maxLength={80}
        value={caseNumber}
        onChange={(event) => setCaseNumber(event.currentTarget.value)}
      />
      <TextInput
        label={t('handover.outcome')}
        maxLength={500}
        value={outcome}
        onChange={(event) => setOutcome(event.currentTarget.value)}
      />
      <div className={styles['buttons']}>
        {holds(seat, alarm) && (
          <Button
            variant="default"
            data-action="agency-on-way"
            // Said once; it stays where it is, so that the focus does.
            aria-disabled={handover.onTheWay}
            onClick={() => {
              if (!handover.onTheWay) void commands.agencyOnTheWay(alarm, handover.id)
            }}
          >
            {t(handover.onTheWay ? 'handover.on-the-way' : 'handover.said-on-the-way')}
          </Button>
        )}
        <Button variant="default" onClick={onDone}>
          {t('dialog.dismiss')}
        </Button>
        <Button type="submit" data-action="save-answer" disabled={link === 'lost'} loading={saving}>
          {t('handover.save')}
        </Button>
      </div>
    </form>
  )
}
