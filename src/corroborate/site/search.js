// Finds pages in the index on the reader's own device. Nothing is sent anywhere. See searching.py for how it is made.
(function () {
  'use strict'
  const form = document.querySelector('form[role=search]')
  const input = form.querySelector('input')
  const list = document.getElementById('found')
  const told = document.getElementById('told')
  const index = window.searchIndex
  const names = Object.keys(index.terms)
  const cjk = '\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff'
  const run = new RegExp('[' + cjk + ']+|[^\\s\\p{P}\\p{S}' + cjk + ']+', 'gu')
  const one = new RegExp('[' + cjk + ']', 'u')

  function folded (text) {
    return text.toLowerCase().normalize('NFKD').replace(/[\u0300-\u036f]/g, '').normalize('NFC')
  }
  function first (term) { // the first name in the sorted list that is not before the term
    let low = 0
    let high = names.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (names[middle] < term) low = middle + 1; else high = middle
    }
    return low
  }
  function holding (term, beginning) { // page -> weight
    const found = new Map()
    if (!beginning) {
      add(found, index.terms[term] || [])
      return found
    }
    for (let at = first(term); at < names.length && names[at].startsWith(term); at++) add(found, index.terms[names[at]])
    return found
  }
  function add (found, postings) {
    for (const posting of postings) {
      const page = posting >> 1
      found.set(page, Math.max(found.get(page) || 0, posting & 1 ? 4 : 1))
    }
  }
  function search (text) {
    let found = null
    for (const word of folded(text).match(run) || []) {
      const terms = []
      if (!one.test(word) || word.length === 1) terms.push([word, true])
      else for (let at = 0; at < word.length - 1; at++) terms.push([word.slice(at, at + 2), false])
      for (const [term, beginning] of terms) {
        const here = holding(term, beginning)
        const both = new Map()
        for (const [page, weight] of here) if (!found || found.has(page)) both.set(page, weight + (found ? found.get(page) : 0))
        found = both
      }
    }
    return [...(found || new Map())].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(one => index.pages[one[0]])
  }
  function show () {
    const asked = input.value.trim()
    list.textContent = ''
    if (!asked) { told.textContent = ''; return }
    const pages = search(asked)
    told.textContent = pages.length ? told.dataset.found.replace('{n}', pages.length) : told.dataset.none
    for (const [title, path, kind] of pages.slice(0, 100)) {
      const item = document.createElement('li')
      const link = document.createElement('a')
      link.href = path
      link.textContent = title
      const note = document.createElement('span')
      note.className = 'quiet'
      note.textContent = ' ' + kind
      item.append(link, note)
      list.append(item)
    }
  }
  form.hidden = false
  form.addEventListener('submit', event => { event.preventDefault(); show() })
  input.addEventListener('input', show)
  const asked = new URLSearchParams(location.search).get('q')
  if (asked) { input.value = asked; show() }
})()
