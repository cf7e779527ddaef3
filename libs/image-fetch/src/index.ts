export { AllowList, parseAllowList } from './allow-list.js';
export type { FetchOptions, ImageFetchConfig } from './config.js';
export {
  EmptyLinkedImageError,
  ForbiddenLinkError,
  ImageSourceFailedError,
  ImageSourceTimeoutError,
  InvalidLinkError,
  LinkedImageTooLargeError,
} from './errors.js';
export { ImageFetcher } from './image-fetcher.js';
export { inRange, parseAddress, parseRange, type AddressRange } from './ip-address.js';
export { isPublicAddress } from './public-address.js';
