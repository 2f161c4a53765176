// Everything a page does by itself. Each file is one behaviour, wired by data- attributes and by delegation, so that
// rows may be replaced under it at any time.
