export { isGrpcAddress, parseGrpcAddress, type GrpcAddress } from './grpc-address.js';
export { withServingClient } from './with-client.js';
