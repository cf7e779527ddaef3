const RETRY = 'Try again in a moment.';
const DROP_FILE = 'You can also save the picture and drop the file here.';

const DIRECT_LINK = 'A link must lead to the picture itself, not to a page that shows it.';

/** What happened and what to do next, by the service's problem code or by this page's own. */
const WORDS = {
  INVALID_REQUEST: [
    'The service could not use that',
    'Check that the link starts with http:// or https://, or that the file is not empty.',
  ],
  URL_FORBIDDEN: [
    'This link is not allowed',
    `Only public http:// and https:// addresses are fetched. ${DROP_FILE}`,
  ],
  UNAUTHENTICATED: ['An API key is needed', 'Enter the key that you were given for this service.'],
  MODEL_NOT_FOUND: [
    'This model or version is not served any more',
    'Choose another one above the picture.',
  ],
  IMAGE_TOO_LARGE: ['The picture is too large', 'Make it smaller and try again.'],
  UNSUPPORTED_IMAGE: [
    'This is not a picture the service can read',
    `Use a common format such as JPEG, PNG or WebP. ${DIRECT_LINK}`,
  ],
  IMAGE_UNDECODABLE: [
    'The picture is damaged',
    'The file is broken or incomplete. Save it again, or choose another.',
  ],
  RATE_LIMITED: ['Too many pictures in a short time', RETRY],
  IMAGE_SOURCE_FAILED: [
    'The picture could not be fetched',
    `Check that the link opens in a browser without signing in. ${DROP_FILE}`,
  ],
  IMAGE_SOURCE_TIMEOUT: ['The linked site took too long', `${RETRY} ${DROP_FILE}`],
  MODEL_UNAVAILABLE: ['The model is not ready', `It may still be starting. ${RETRY}`],
  MODEL_FAILED: ['The model could not classify this picture', 'Try again, or choose another.'],
  OVERLOADED: ['The service is busy', RETRY],
  DEADLINE_EXCEEDED: ['The answer took too long', RETRY],
  UNREACHABLE: [
    'The service could not be reached',
    'Check your connection and try again. A very large file can cause this too.',
  ],
  NO_ANSWER: ['The service did not answer', RETRY],
  FILE_UNREADABLE: [
    'The file could not be read',
    'It may be a folder, or it was moved or deleted. Choose it again.',
  ],
  UNEXPECTED: ['Something went wrong', 'Try again. If it goes on, tell whoever runs this service.'],
};

const LASTING = new Set([
  'INVALID_REQUEST',
  'URL_FORBIDDEN',
  'UNAUTHENTICATED',
  'MODEL_NOT_FOUND',
  'IMAGE_TOO_LARGE',
  'UNSUPPORTED_IMAGE',
  'IMAGE_UNDECODABLE',
  'FILE_UNREADABLE',
]);

/** A request that came to nothing: the service's RFC 9457 problem, or one that the page met itself. */
export class Problem extends Error {
  constructor(code, { detail = '', requestId = '', retryAfter = '' } = {}) {
    super(code);
    this.code = Object.hasOwn(WORDS, code) ? code : 'UNEXPECTED';
    this.detail = detail;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** `answer` is the parsed body, or undefined where it was not JSON. */
  static ofResponse({ headers }, answer) {
    return Problem.ofAnswer({ ...answer, requestId: headers.get('x-request-id') }, headers);
  }

  /** The problem of one place of a batch; its request's headers are not its own. */
  static ofAnswer({ code, detail, requestId }, headers) {
    return new Problem(code, {
      detail: typeof detail === 'string' ? detail : '',
      requestId: requestId ?? '',
      retryAfter: headers?.get('retry-after') ?? '',
    });
  }

  /** How long the service asks to wait; undefined where it does not say. */
  get retryAfterSeconds() {
    return /^\d{1,9}$/.test(this.retryAfter) ? Number(this.retryAfter) : undefined;
  }

  get worthRetrying() {
    return !LASTING.has(this.code);
  }

  inWords({ keySent }) {
    if (this.code === 'UNAUTHENTICATED' && keySent) {
      return {
        title: 'This API key was not accepted',
        advice: 'Check the key and enter it again.',
      };
    }
    const [title, advice] = WORDS[this.code];
    const wait = this.retryAfterSeconds > 0 && `Try again in ${this.retryAfterSeconds} s.`;
    return { title, advice: wait ? advice.replace(RETRY, wait) : advice };
  }

  /** In words for a file of many, which is no link and waits for nothing. */
  get ofFile() {
    const [title, advice] = WORDS[this.code];
    return { title, advice: advice.replace(DIRECT_LINK, '').trim() };
  }

  /** For a report: what the service said, and the number by which its log is searched. */
  get smallPrint() {
    const request = this.requestId && `Request ${this.requestId}`;
    return [this.detail, request].filter(Boolean).join(' · ');
  }
}
