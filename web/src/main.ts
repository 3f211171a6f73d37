import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'
import { i18n } from './locales'
import { keepLook } from './state'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './style.css'

keepLook()
createApp(App).use(router).use(i18n).mount('#app')
