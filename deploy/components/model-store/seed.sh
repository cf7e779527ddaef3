# Fills a store with the models of the image, and leaves those that are there alone. Each model
# appears in one step: another pod may be doing the same, and servers read the store all the time.
set -eu
cd /models
for model in */; do
  [ ! -e "/store/$model" ] || continue
  copy="/store/.$HOSTNAME-${model%/}"
  cp -R "$model" "$copy"
  # Where another pod was first, its copy is as good.
  mv -T "$copy" "/store/${model%/}" || rm -rf "$copy"
  [ -e "/store/$model" ]
done
