import type { Changed, Contact, HomeDetail } from '@anju/contract/api'
import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { people } from '../api/people-calls.ts'
import { PickOf } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import dialogs from '../incident/dialogs.module.css'
import { isSame } from '../staff/fault.ts'
import { HoursEditor } from '../staff/hours-editor.tsx'
import { CONTACT_LIMITS, changed, checked, draftOf, emptyContact, newHours } from './contact-draft.ts'
import { focusIn } from './focus.ts'
import styles from './homes.module.css'
import { InPlaceForm } from './in-place-form.tsx'
import { ROLES, SPOKEN } from './lists.ts'
import { useAct } from './use-home.ts'

interface Props {
  readonly home: HomeDetail
  /** Null: a new one. */
  readonly contact: Contact | null
  readonly onDone: () => void
}

/** Who they are to the resident. Numbers are changed one by one beside it; a new contact begins with one. */
export function ContactForm({ home, contact, onDone }: Props) {
  const t = useText()
  const words = useWords()
  const act = useAct(home.id)
  const [before] = useState(() => (contact ? draftOf(contact) : emptyContact))
  // As it was opened: what is read beside it meanwhile is not what was written from.
  const [opened] = useState(contact?.version ?? 1)
  const [draft, setDraft] = useState(before)
  const [tried, setTried] = useState(false)
  const found = checked(draft)
  const problemAt = (place: string): string | undefined => {
    const fault = tried && 'faults' in found ? found.faults.find(({ at }) => at === place) : undefined
    return fault && t(fault.says)
  }
  async function save(form: HTMLFormElement, over: Changed | null) {
    setTried(true)
    if ('faults' in found) return focusIn(form, `[data-field="${found.faults[0]?.at}"]`)
    const { body } = found
    const saved = await act.run(async () => {
      if (!contact) return people.add(home.id, body)
      const to = changed(before, draft)
      if (Object.keys(to).length === 0) return contact
      return people.change(home.id, contact.id, { ...to, writtenFrom: over?.version ?? opened })
    })
    if (saved) onDone()
  }
  const set = (to: Partial<typeof draft>) => setDraft({ ...draft, ...to })
  return (
    <InPlaceForm
      name="contact"
      label={contact ? t('homes.edit-of', { name: contact.name }) : t('homes.add-contact')}
      save={t('homes.save')}
      problem={act.problem}
      changed={act.changed}
      busy={act.busy}
      dirty={!isSame(before, draft)}
      onSave={(form, over) => void save(form, over)}
      onCancel={onDone}
    >
      <div className={styles['fields']}>
        <TextInput
          type="text"
          label={t('homes.name')}
          maxLength={CONTACT_LIMITS.nameChars}
          value={draft.name}
          error={problemAt('contact-name')}
          data-field="contact-name"
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          type="text"
          label={t('homes.relation')}
          maxLength={CONTACT_LIMITS.relationChars}
          value={draft.relation}
          error={problemAt('contact-relation')}
          data-field="contact-relation"
          onChange={(event) => set({ relation: event.currentTarget.value })}
        />
        {!contact && (
          <TextInput
            type="tel"
            label={t('homes.telephone')}
            maxLength={40}
            value={draft.telephone}
            data-field="contact-telephone"
            onChange={(event) => set({ telephone: event.currentTarget.value })}
          />
        )}
        <PickOf
          label={t('homes.role')}
          field="contact-role"
          value={draft.role}
          of={before.role === '' ? ['', ...ROLES] : ROLES}
          word={(role) => (role === '' ? t('homes.not-recorded') : words('contact-role', role))}
          onPick={(role) => set({ role })}
        />
        <PickOf
          label={t('homes.spoken')}
          field="contact-language"
          value={draft.language}
          of={before.language === '' ? ['', ...SPOKEN] : SPOKEN}
          word={(language) => (language === '' ? t('homes.not-recorded') : words('spoken', language))}
          onPick={(language) => set({ language })}
        />
        <TextInput
          type="text"
          inputMode="numeric"
          label={t('homes.distance-m')}
          maxLength={8}
          value={draft.distanceM}
          error={problemAt('contact-distance')}
          data-field="contact-distance"
          onChange={(event) => set({ distanceM: event.currentTarget.value })}
        />
      </div>
      <label className={dialogs['check']}>
        <input
          type="checkbox"
          data-field="contact-key"
          checked={draft.keyHolder}
          onChange={(event) => set({ keyHolder: event.currentTarget.checked })}
        />
        {t('homes.key-holder')}
      </label>
      <HoursEditor
        hours={draft.hours}
        means={t('homes.when-means')}
        fresh={newHours}
        problemAt={problemAt}
        onChange={(hours) => set({ hours })}
      />
      <Textarea
        label={t('homes.note')}
        maxLength={CONTACT_LIMITS.noteChars}
        value={draft.note}
        data-field="contact-note"
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
    </InPlaceForm>
  )
}
