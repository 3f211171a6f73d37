// 读取 Something that is read when what it depends on changes; a refusal is told, not thrown.

import { ref, watch, type Ref, type WatchSource } from 'vue'
import { useI18n } from 'vue-i18n'
import { Refused } from '../api/client'

export function useWords() {
  const { locale } = useI18n()
  return (error: unknown) => (error instanceof Refused ? error.label[locale.value as 'zh' | 'en'] : String(error))
}

export function useAsync<T>(of: WatchSource<unknown> | WatchSource<unknown>[], read: () => Promise<T>) {
  const words = useWords()
  const value = ref<T | null>(null) as Ref<T | null>
  const failed = ref('')
  let turn = 0
  async function again() {
    const own = ++turn
    try {
      const read_ = await read()
      if (own !== turn) return
      value.value = read_
      failed.value = ''
    } catch (error) {
      if (own === turn) failed.value = words(error)
    }
  }
  watch(of, again, { immediate: true })
  return { value, failed, again }
}

export function useMoment() {
  const { locale } = useI18n()
  return (moment: string | undefined) => (moment ? new Date(moment).toLocaleString(locale.value === 'zh' ? 'zh-CN' : 'en-GB') : '')
}
