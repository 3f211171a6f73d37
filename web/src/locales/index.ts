import { createI18n } from 'vue-i18n'
import { en } from './en'
import { zh } from './zh'

const kept = localStorage.getItem('tanliu.lang')

export const i18n = createI18n({
  legacy: false,
  locale: kept === 'en' ? 'en' : 'zh',
  fallbackLocale: 'zh',
  messages: { zh, en },
})

export function speak(lang: 'zh' | 'en'): void {
  i18n.global.locale.value = lang
  localStorage.setItem('tanliu.lang', lang)
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
}
