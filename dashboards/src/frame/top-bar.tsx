import type { Person } from '@anju/contract/api'
import { AccountButton } from '../account/account-button.tsx'
import { useWords } from '../i18n/words.ts'
import bar from './bar.module.css'
import { LanguageSwitch } from './language-switch.tsx'
import { Logout } from './logout.tsx'

interface Props {
  readonly me: Person
  readonly onLeave: () => void
  /** For a telephone, and for eyes that are not an operator's. */
  readonly large?: boolean
}

/** The bar of every page that is not the console. */
export function TopBar({ me, onLeave, large = false }: Props) {
  const words = useWords()
  return (
    <header className={bar['bar']} data-large={large}>
      <div className={bar['seat']}>
        <img src="/icon.svg" alt="" width={24} height={24} />
        <h1>{me.centre.name}</h1>
        <span>
          {me.name} · {words('role', me.role)}
        </span>
      </div>
      <div className={`${bar['tools']} ${bar['end']}`}>
        <LanguageSwitch />
        <AccountButton me={me} large={large} />
        <Logout onLeave={onLeave} />
      </div>
    </header>
  )
}
