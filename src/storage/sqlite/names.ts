// Names of tables and indexes for collections of any name. SQLite ignores the case of ASCII letters in names, so capitals
// are marked: `ToDo` and `TODO` stay apart.

const marked = (name: string): string => name.replace(/[A-Z^]/g, (letter) => `^${letter}`);

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const tableOf = (collection: string): string => quoted(`c:${marked(collection)}`);

/** Side table of an element index. */
export const elementTable = (collection: string, path: string): string =>
  quoted(`e:${marked(collection)}:${marked(path)}`);

export const triggerOf = (collection: string, path: string, event: string): string =>
  quoted(`t:${marked(collection)}:${marked(path)}:${event}`);

export const indexPrefix = (collection: string): string => `i:${marked(collection)}:`;

export const quoteName = quoted;
