// What the page gives the widget.

export interface Config {
  key: string;
  name: string; // The service's name: shown until somebody serves.
  origins: string[];
  urls: { session: string; lines: string; files: string; read: string; typing: string; contact: string; leave: string; socket: string };
  lineLimit: number;
  fileLimit: number;
  texts: Record<string, string>;
}
