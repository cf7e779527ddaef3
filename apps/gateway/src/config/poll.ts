/**
 * Looks at something again and again, never twice at once: what hangs must not collect looks. For
 * mounted ConfigMaps and Secrets, which Kubernetes renews by swapping a symbolic link, of which a
 * watch on the file learns nothing.
 */
export class Poll {
  private readonly timer: NodeJS.Timeout;
  private isLooking = false;

  /** @param look must not reject */
  constructor(
    private readonly look: () => Promise<void>,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => void this.tick(), intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async tick(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await this.look();
    } finally {
      this.isLooking = false;
    }
  }
}
