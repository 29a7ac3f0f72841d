// A list of which only what is seen is in the page: ten thousand rows cost as much as forty.

const BEYOND = 8; // rows that are kept above and below what is seen

export class Rows {
  // `draw(index)` makes the element of a row. `box` scrolls; all rows are of one height, which the style sheet says.
  constructor(box, draw) {
    this.box = box;
    this.draw = draw;
    this.count = 0;
    this.drawn = new Map();
    this.sheet = document.createElement('div');
    this.sheet.className = 'rows';
    box.append(this.sheet);
    box.addEventListener('scroll', () => this.show(), { passive: true });
    new ResizeObserver(() => this.again()).observe(box);
  }

  get height() {
    return parseFloat(getComputedStyle(this.box).getPropertyValue('--row-height')) || 28;
  }

  get isAtEnd() {
    return this.box.scrollTop + this.box.clientHeight >= this.box.scrollHeight - this.height;
  }

  // So many rows there are now; what is seen is drawn anew.
  set(count) {
    this.count = count;
    this.sheet.style.height = `${count * this.height}px`;
    this.again();
  }

  again() {
    for (const element of this.drawn.values()) element.remove();
    this.drawn.clear();
    this.sheet.style.height = `${this.count * this.height}px`;
    this.show();
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
    this.show();
  }

  // Scroll no further than is needed to see a row.
  reveal(index) {
    const top = index * this.height;
    const under = this.box.firstElementChild === this.sheet ? 0 : this.sheet.offsetTop;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    const bottom = top + this.height - this.box.clientHeight + under;
    if (bottom > this.box.scrollTop) this.box.scrollTop = bottom;
    this.show();
  }

  show() {
    const { height } = this;
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - BEYOND);
    const last = Math.min(this.count, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + BEYOND);
    for (const [index, element] of this.drawn) {
      if (index < first || index >= last) {
        element.remove();
        this.drawn.delete(index);
      }
    }
    for (let index = first; index < last; index += 1) {
      if (this.drawn.has(index)) continue;
      const element = this.draw(index);
      element.style.top = `${index * height}px`;
      this.drawn.set(index, element);
      this.sheet.append(element);
    }
  }
}
