// 接口 Requests to the server. A refusal is one kind of error, whatever refused it.

import { reactive } from 'vue'
import type { Label, Session } from './types'

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly label: Label,
    readonly details: unknown,
  ) {
    super(label.zh)
  }
}

/** Who is signed in. `expired` asks for a password over the page, so that a form is kept. */
export const account = reactive<{ session: Session | null; known: boolean; expired: boolean }>({
  session: null,
  known: false,
  expired: false,
})

type Query = Record<string, string | number | undefined>

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`
}

async function ask(method: string, path: string, query?: Query, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = {}
  if (account.session && method !== 'GET') headers['x-tanliu-csrf'] = account.session.csrf
  let sent: BodyInit | undefined
  if (body instanceof FormData) sent = body
  else if (body !== undefined) {
    headers['content-type'] = 'application/json'
    sent = JSON.stringify(body)
  }
  let answer: Response
  try {
    answer = await fetch(address(path, query), { method, headers, body: sent })
  } catch {
    throw new Refused(0, 'unreachable', { zh: '服务器没有应答', en: 'the server does not answer' }, null)
  }
  if (answer.ok) return answer
  const told = await answer.json().catch(() => null)
  const error = told?.error ?? {}
  const label = { zh: error.zh ?? answer.statusText, en: error.en ?? answer.statusText }
  if (answer.status === 401 && account.session && path !== '/session') account.expired = true
  throw new Refused(answer.status, error.code ?? 'failed', label, error.details)
}

export async function get<T>(path: string, query?: Query): Promise<T> {
  return (await ask('GET', path, query)).json()
}

export async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await ask(method, path, undefined, body)
  const text = await answer.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export async function signIn(name: string, password: string): Promise<void> {
  account.session = await send<Session>('POST', '/session', { name, password })
  account.expired = false
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/session').catch(() => undefined)
  account.session = null
}

export async function remember(): Promise<void> {
  try {
    account.session = await get<Session>('/session')
  } catch {
    account.session = null
  }
  account.known = true
}
