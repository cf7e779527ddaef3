import type { Socket } from 'node:net';

/** One who asks over a connection and is told what comes. */
export interface Conversation {
  /** @param bytes good during the call alone */
  received(bytes: Buffer): void;
  /** The other end has said all. */
  ended(): void;
  /** Nothing comes any more, because of an error or not. */
  closed(error: Error | undefined): void;
}

/** A connection to an origin, for one conversation after the other. */
export class Connection {
  private conversation: Conversation | undefined;
  private error: Error | undefined;

  /** @param onClosed called once, when it is gone */
  constructor(
    private readonly socket: Socket,
    onClosed: (connection: Connection) => void,
  ) {
    socket.on('data', (bytes: Buffer) => {
      // What nobody asked for must not become the next one's answer.
      if (this.conversation === undefined) socket.destroy();
      else this.conversation.received(bytes);
    });
    socket.on('end', () => {
      if (this.conversation === undefined) socket.destroy();
      else this.conversation.ended();
    });
    socket.on('error', (error) => {
      this.error = error;
    });
    socket.on('close', () => {
      onClosed(this);
      this.conversation?.closed(this.error);
    });
  }

  get isOpen(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  /** Sends a request, and tells the conversation what comes until it is over. */
  begin(conversation: Conversation, request: string): void {
    this.conversation = conversation;
    this.socket.ref();
    this.socket.write(request, 'latin1');
  }

  /** Idles from now on, and keeps no process alive. */
  finish(): void {
    this.conversation = undefined;
    this.socket.unref();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.conversation = undefined;
    this.socket.destroy();
  }
}
